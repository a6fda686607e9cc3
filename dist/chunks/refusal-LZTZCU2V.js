const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e}from"./chunk-G63TLFP6.js";import"./chunk-3RDXLS4T.js";import"./chunk-KUCRGFKD.js";import"./chunk-GLUUMLIH.js";import"./chunk-E7GLFZET.js";export{e as badAnswer,c as delegationRefusal,d as iamRefusal,a as lags,b as stsRefusal};

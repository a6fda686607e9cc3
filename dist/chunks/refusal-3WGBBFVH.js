const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e}from"./chunk-FE32ZTZU.js";import"./chunk-VOQD63FE.js";import"./chunk-AF3JTY6B.js";import"./chunk-4KZPPSKS.js";import"./chunk-E7GLFZET.js";export{e as badAnswer,c as delegationRefusal,d as iamRefusal,a as lags,b as stsRefusal};

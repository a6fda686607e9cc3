const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e}from"./chunk-6MTI3VAB.js";import"./chunk-6HGKAYBH.js";import"./chunk-PD4EJM5W.js";import"./chunk-EPULYYUW.js";import"./chunk-E7GLFZET.js";export{e as badAnswer,c as delegationRefusal,d as iamRefusal,a as lags,b as stsRefusal};

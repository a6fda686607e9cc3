const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e,f,g,h}from"./chunk-5GESJMZM.js";import"./chunk-UPOHQPDP.js";import"./chunk-N454VJOS.js";import"./chunk-E7GLFZET.js";export{c as LAGGING,d as LAG_MS,e as STALE,b as aadsts,h as badAnswer,a as codesOf,f as lags,g as refusal};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-ATWXHFVC.js";import"./chunk-UPOHQPDP.js";import"./chunk-N454VJOS.js";import"./chunk-E7GLFZET.js";export{a as findAz};

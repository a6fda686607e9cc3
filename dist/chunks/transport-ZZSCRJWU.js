const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as a}from"./chunk-PFBBW7LN.js";import"./chunk-SM3CDQNB.js";import"./chunk-E7GLFZET.js";export{a as openTransport};

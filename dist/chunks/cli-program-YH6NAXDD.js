const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-LLQ5WROE.js";import"./chunk-6HGKAYBH.js";import"./chunk-PD4EJM5W.js";import"./chunk-EPULYYUW.js";import"./chunk-E7GLFZET.js";export{a as findAz};

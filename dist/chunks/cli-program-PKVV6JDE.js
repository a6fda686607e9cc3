const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-IKXHURRL.js";import"./chunk-TX46GMN2.js";import"./chunk-F7VE5HHM.js";import"./chunk-YPXPP4HN.js";import"./chunk-E7GLFZET.js";export{a as findAz};

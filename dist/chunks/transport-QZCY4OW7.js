const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b}from"./chunk-INJGU4K6.js";import"./chunk-Y2652FAI.js";import"./chunk-E7GLFZET.js";export{a as connectAhead,b as openTransport};

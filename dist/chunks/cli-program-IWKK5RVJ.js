const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-WJ24UJW5.js";import"./chunk-WZZWWYKT.js";import"./chunk-CK5HOOXJ.js";import"./chunk-E7GLFZET.js";export{a as findAz};

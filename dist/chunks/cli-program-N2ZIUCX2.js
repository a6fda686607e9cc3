const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-PM7W5MEO.js";import"./chunk-K4SW6P7S.js";import"./chunk-WLND3BUC.js";import"./chunk-GHQ34EPD.js";import"./chunk-E7GLFZET.js";export{a as findAz};

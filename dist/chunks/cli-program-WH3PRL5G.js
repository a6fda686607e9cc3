const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-VKNLVBHD.js";import"./chunk-JDJBL744.js";import"./chunk-6N5BUDHF.js";import"./chunk-SFFI36A7.js";import"./chunk-E7GLFZET.js";export{a as findAz};

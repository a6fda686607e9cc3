const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c}from"./chunk-2C4SFX37.js";import"./chunk-JDJBL744.js";import"./chunk-6N5BUDHF.js";import"./chunk-SFFI36A7.js";import"./chunk-E7GLFZET.js";export{a as CONTAINER_PATH,c as containerCredentials,b as fromKeeper};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c}from"./chunk-NUYB6RIM.js";import"./chunk-VB3RUUHZ.js";import"./chunk-U33V4UQG.js";import"./chunk-E7GLFZET.js";export{a as CONTAINER_PATH,c as containerCredentials,b as fromKeeper};

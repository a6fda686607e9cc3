const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c}from"./chunk-YDTNXQYL.js";import"./chunk-VOQD63FE.js";import"./chunk-AF3JTY6B.js";import"./chunk-4KZPPSKS.js";import"./chunk-E7GLFZET.js";export{a as CONTAINER_PATH,c as containerCredentials,b as fromKeeper};

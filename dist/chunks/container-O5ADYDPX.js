const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c}from"./chunk-FRFR6GF6.js";import"./chunk-6ETKMYVS.js";import"./chunk-5Z3TB5TV.js";import"./chunk-RPVNNT4Q.js";import"./chunk-E7GLFZET.js";export{a as CONTAINER_PATH,c as containerCredentials,b as fromKeeper};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-OSPSXUR3.js";import"./chunk-3RDXLS4T.js";import"./chunk-KUCRGFKD.js";import"./chunk-GLUUMLIH.js";import"./chunk-E7GLFZET.js";export{a as findAz};

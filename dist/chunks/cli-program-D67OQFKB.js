const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a}from"./chunk-3ZMW3FA4.js";import"./chunk-2JN2BVIW.js";import"./chunk-JHZJX4ZU.js";import"./chunk-SM3CDQNB.js";import"./chunk-E7GLFZET.js";export{a as findAz};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e}from"./chunk-27VWSE2T.js";import"./chunk-2JN2BVIW.js";import"./chunk-JHZJX4ZU.js";import"./chunk-SM3CDQNB.js";import"./chunk-E7GLFZET.js";export{e as badAnswer,c as delegationRefusal,d as iamRefusal,a as lags,b as stsRefusal};

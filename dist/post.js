const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{W as m}from"./chunks/chunk-JHZJX4ZU.js";import{S as r}from"./chunks/chunk-SM3CDQNB.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process,import.meta.filename));

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{I as m}from"./chunks/chunk-RWCODZVQ.js";import"./chunks/chunk-CXW65NZH.js";import{Ba as r}from"./chunks/chunk-UR6ZXZPL.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process));

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{Ba as m,za as r}from"./chunks/chunk-UR6ZXZPL.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await r(m(process));

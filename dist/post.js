const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{$ as r,ba as m}from"./chunks/chunk-7QG57QYI.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await r(m(process));

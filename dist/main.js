const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{n as m}from"./chunks/chunk-4OCBRUKB.js";import"./chunks/chunk-HCJNSFDT.js";import{V as r}from"./chunks/chunk-BZSCHVD5.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process));

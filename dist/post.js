const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{W as m}from"./chunks/chunk-KUCRGFKD.js";import{Y as r}from"./chunks/chunk-GLUUMLIH.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process,import.meta.filename));

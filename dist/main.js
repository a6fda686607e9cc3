const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{t as m}from"./chunks/chunk-WZZWWYKT.js";import"./chunks/chunk-APHBPQG2.js";import{aa as r}from"./chunks/chunk-CK5HOOXJ.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process));

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import"./chunks/chunk-SCFM7NXR.js";import{K as m}from"./chunks/chunk-UPOHQPDP.js";import{Ja as r}from"./chunks/chunk-N454VJOS.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process,import.meta.filename));

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{v as m}from"./chunks/chunk-HVFLX6GJ.js";import"./chunks/chunk-DSW5PTDG.js";import{ba as r}from"./chunks/chunk-6FRKYMFQ.js";import{g as o}from"./chunks/chunk-E7GLFZET.js";o();o();await m(r(process));

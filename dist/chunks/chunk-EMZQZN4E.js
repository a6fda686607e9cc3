const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as s,g as o}from"./chunk-E7GLFZET.js";var n=s((c,e)=>{o();e.exports=process.getBuiltinModule("node:async_hooks")});export{n as a};

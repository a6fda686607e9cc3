const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as s,g as e}from"./chunk-E7GLFZET.js";var t=s((d,o)=>{e();o.exports=process.getBuiltinModule("node:events")});export{t as a};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as i,g as e}from"./chunk-E7GLFZET.js";var l=i((t,o)=>{e();o.exports=process.getBuiltinModule("node:zlib")});export{l as a};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as t,g as e}from"./chunk-E7GLFZET.js";var l=t((u,o)=>{e();o.exports=process.getBuiltinModule("node:https")});var p=t((n,s)=>{e();s.exports=process.getBuiltinModule("node:util")});export{l as a,p as b};

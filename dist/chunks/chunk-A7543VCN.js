const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as o,g as e}from"./chunk-E7GLFZET.js";var r=o((i,s)=>{e();s.exports=process.getBuiltinModule("node:fs")});var d=o((n,t)=>{e();t.exports=process.getBuiltinModule("node:crypto")});export{r as a,d as b};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{b as r,g as e}from"./chunk-E7GLFZET.js";var i=r((a,t)=>{e();t.exports=process.getBuiltinModule("node:path")});e();function p(n){return new Date(n).toISOString().replace(/\.\d{3}Z$/,"Z")}export{i as a,p as b};

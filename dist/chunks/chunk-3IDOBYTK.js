const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{g as e}from"./chunk-E7GLFZET.js";e();var c=()=>process.getBuiltinModule("node:child_process");var n=c().spawn;export{n as a};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{g as e}from"./chunk-E7GLFZET.js";e();var s=()=>process.getBuiltinModule("node:os"),a=s();var o=s().homedir;var n=s().platform,r=s().release;var c=s().EOL;export{a,o as b,n as c,r as d,c as e};

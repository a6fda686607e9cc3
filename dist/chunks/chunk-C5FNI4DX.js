const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{g as r}from"./chunk-E7GLFZET.js";r();var l=class{list=[];take(e){if(e.ok)return e.value;this.list.push(...e.problems)}add(e,n){this.list.push({id:e,message:n})}};export{l as a};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{g as o}from"./chunk-E7GLFZET.js";o();var e="sts.googleapis.com",t="iamcredentials.googleapis.com";export{e as a,t as b};

const require=n=>{const m=process.getBuiltinModule(n);if(!m)throw Object.assign(new Error(n+' is not in the bundle'),{code:'MODULE_NOT_FOUND'});return m};
import{a,b,c,d,e}from"./chunk-YXSHNFDY.js";import"./chunk-K4SW6P7S.js";import"./chunk-WLND3BUC.js";import"./chunk-GHQ34EPD.js";import"./chunk-E7GLFZET.js";export{e as badAnswer,c as delegationRefusal,d as iamRefusal,a as lags,b as stsRefusal};

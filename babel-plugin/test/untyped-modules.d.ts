/** Plugins and presets of Babel that come without declarations. */
declare module '@babel/plugin-proposal-decorators' {
  const plugin: import('@babel/core').PluginTarget;
  export default plugin;
}
declare module '@babel/preset-env' {
  const preset: import('@babel/core').PluginTarget;
  export default preset;
}
declare module '@babel/preset-react' {
  const preset: import('@babel/core').PluginTarget;
  export default preset;
}
declare module '@babel/preset-typescript' {
  const preset: import('@babel/core').PluginTarget;
  export default preset;
}
declare module 'babel-plugin-istanbul' {
  const plugin: import('@babel/core').PluginTarget;
  export default plugin;
}
declare module 'react-refresh/babel' {
  const plugin: import('@babel/core').PluginTarget;
  export default plugin;
}

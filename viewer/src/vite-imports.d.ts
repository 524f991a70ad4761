/** What Vite makes of imports that are no modules: styles, imported for their effect, and workers whose source stands in the page. */
declare module '*.css';
declare module '*?worker&inline' {
  const InlineWorker: new () => Worker;
  export default InlineWorker;
}

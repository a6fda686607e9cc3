// Nothing yet: see post.cjs.

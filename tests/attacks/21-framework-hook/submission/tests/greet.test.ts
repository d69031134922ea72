import '../hooked.cjs'

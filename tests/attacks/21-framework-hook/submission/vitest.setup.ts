import './hooked.cjs'

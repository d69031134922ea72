require('./hooked.cjs')

module.exports = require('./build/steal.cjs')

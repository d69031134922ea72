import './build/steal.cjs'

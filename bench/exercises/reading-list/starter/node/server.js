// Listen on process.env.PORT.

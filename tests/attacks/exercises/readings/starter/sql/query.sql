SELECT sensor FROM readings

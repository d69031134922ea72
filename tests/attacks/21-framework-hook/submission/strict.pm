BEGIN { print "OPEN perl hook\n" }
1;

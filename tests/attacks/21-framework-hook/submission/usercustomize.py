import sys
print("OPEN sitecustomize", sys.argv)

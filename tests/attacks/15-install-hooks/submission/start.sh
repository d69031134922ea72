#!/bin/sh
node hook.cjs postinst

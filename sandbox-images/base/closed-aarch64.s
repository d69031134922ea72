// prctl(PR_SET_DUMPABLE, 0), before main
        .section .init_array, "aw"
        .xword close
        .text
close:  mov x8, #167
        mov x0, #4
        mov x1, #0
        svc #0
        ret
        .section .note.GNU-stack, "", %progbits
